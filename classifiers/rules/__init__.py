"""What can be said of a mail from its words by rule; nothing here is learned."""
