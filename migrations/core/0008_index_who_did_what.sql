DROP INDEX `user_roles_by_role`;--> statement-breakpoint
CREATE INDEX `user_roles_by_role` ON `user_roles` (`role_id`,`user_id`);--> statement-breakpoint
CREATE INDEX `audit_by_time` ON `audit` (`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_by_actor` ON `audit` (`actor_id`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_by_target_id` ON `audit` (`target_id`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `users_by_tier` ON `users` (`tier`,`id`) WHERE tier <> 'free';