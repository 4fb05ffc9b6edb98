"""What the client can do, each operation once: generators of commands for either driver."""
