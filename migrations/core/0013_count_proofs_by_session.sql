ALTER TABLE `sessions` ADD `proof_tries` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `sessions` ADD `proof_tries_since` integer DEFAULT 0 NOT NULL;