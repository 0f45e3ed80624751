"""What writes replies: builtin, llama, server, replay; a registry by name."""
