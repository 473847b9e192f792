-- Where Monitors reach a replica: each tells the Monitors of all (protocol 6). Empty for a Central of the version before.
ALTER TABLE central_replicas ADD COLUMN socket_address text;
