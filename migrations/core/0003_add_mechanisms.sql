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
CREATE TABLE `dead_letters` (
	`id` text PRIMARY KEY NOT NULL,
	`subject` text NOT NULL,
	`lane` text NOT NULL,
	`subscriber` text,
	`event_id` text,
	`event_type` text,
	`body` text NOT NULL,
	`attempts` integer NOT NULL,
	`last_error` text,
	`status` text DEFAULT 'waiting' NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`first_seen_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`decided_at` integer,
	`decided_by` text,
	`reason` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `dead_letters_subject` ON `dead_letters` (`subject`);--> statement-breakpoint
CREATE INDEX `dead_letters_by_status` ON `dead_letters` (`status`,`last_seen_at`,`id`);--> statement-breakpoint
CREATE INDEX `dead_letters_by_time` ON `dead_letters` (`last_seen_at`,`id`);--> statement-breakpoint
ALTER TABLE `inbox` ADD `occurred_at` integer;--> statement-breakpoint
ALTER TABLE `inbox` ADD `state` text DEFAULT 'done' NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `tier` text DEFAULT 'free' NOT NULL;