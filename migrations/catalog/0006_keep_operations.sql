CREATE TABLE `operations` (
	`id` text PRIMARY KEY NOT NULL,
	`owner_id` text NOT NULL,
	`kind` text NOT NULL,
	`input` text NOT NULL,
	`state` text DEFAULT 'pending' NOT NULL,
	`step` integer DEFAULT 0 NOT NULL,
	`place` text,
	`done` integer DEFAULT 0 NOT NULL,
	`total` integer,
	`result` text,
	`result_path` text NOT NULL,
	`error` text,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`finished_at` integer,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `operations_finished` ON `operations` (`finished_at`) WHERE finished_at is not null;--> statement-breakpoint
CREATE INDEX `operations_unfinished` ON `operations` (`updated_at`) WHERE finished_at is null;