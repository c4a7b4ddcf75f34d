"""How the model is made and measured; nothing here runs in the bot."""
