"""What every test may use; fixtures themselves live beside what they start."""

pytest_plugins = ["tests.servers.fixtures"]
