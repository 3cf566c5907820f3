DROP INDEX `api_keys_live_by_user`;--> statement-breakpoint
CREATE INDEX `api_keys_by_user` ON `api_keys` (`user_id`,`revoked_at`,`id`);