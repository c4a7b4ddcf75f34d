"""In-memory forms of the ports; each passes the contract tests of the real one."""
