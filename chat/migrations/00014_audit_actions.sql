-- Audit actions take the words of the rest of the program: what was done to which noun, in the past tense.

-- +goose Up
UPDATE audit SET action = CASE action
    WHEN 'ban.set' THEN 'ban.created'
    WHEN 'channel.change' THEN 'channel.changed'
    WHEN 'channel.delete' THEN 'channel.deleted'
    WHEN 'channel.invite' THEN 'channel.member_added'
    WHEN 'channel.remove' THEN 'channel.member_removed'
    WHEN 'invitation.made' THEN 'invitation.created'
    WHEN 'link.made' THEN 'device_link.created'
    WHEN 'link.used' THEN 'device_link.used'
    WHEN 'owner.became' THEN 'workspace.claimed'
    WHEN 'place.changed' THEN 'workspace.changed'
    WHEN 'recovery.made' THEN 'password_reset.created'
    WHEN 'recovery.used' THEN 'password_reset.used'
    WHEN 'report.made' THEN 'report.created'
    WHEN 'second.code_used' THEN 'two_factor.recovery_code_used'
    WHEN 'second.codes' THEN 'two_factor.recovery_codes_created'
    WHEN 'second.off' THEN 'two_factor.disabled'
    WHEN 'second.on' THEN 'two_factor.enabled'
    WHEN 'user.files_dropped' THEN 'user.pending_files_deleted'
    ELSE action END
WHERE action IN (
    'ban.set', 'channel.change', 'channel.delete', 'channel.invite', 'channel.remove',
    'invitation.made', 'link.made', 'link.used', 'owner.became', 'place.changed',
    'recovery.made', 'recovery.used', 'report.made', 'second.code_used', 'second.codes',
    'second.off', 'second.on', 'user.files_dropped');
