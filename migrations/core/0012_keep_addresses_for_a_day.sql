ALTER TABLE `outbox` ADD `is_personal` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `outbox_personal` ON `outbox` (`id`) WHERE is_personal = 1;