"""All operations of the client, each written once: generators of commands for either driver."""
