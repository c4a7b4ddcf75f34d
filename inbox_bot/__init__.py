"""inbox-bot answers a company's privacy mailbox, on time and with proof."""
