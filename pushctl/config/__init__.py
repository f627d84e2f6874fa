"""The only files of this machine that pushctl reads and writes: profiles, secrets, the grant cache, trust."""
