CREATE TABLE `audit_seals` (
	`position` integer PRIMARY KEY NOT NULL,
	`audit_id` text NOT NULL,
	`audit_row` integer NOT NULL,
	`hash` text NOT NULL,
	`sealed_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_seals_audit` ON `audit_seals` (`audit_id`);--> statement-breakpoint
CREATE TABLE `idempotency` (
	`scope` text NOT NULL,
	`key_hash` text NOT NULL,
	`fingerprint` text NOT NULL,
	`state` text DEFAULT 'completed' NOT NULL,
	`status` integer,
	`result` text,
	`lease_id` text,
	`lease_until` integer,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`scope`, `key_hash`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_by_expiry` ON `idempotency` (`expires_at`);--> statement-breakpoint
ALTER TABLE `inbox` ADD `occurred_at` integer;--> statement-breakpoint
ALTER TABLE `inbox` ADD `state` text DEFAULT 'done' NOT NULL;