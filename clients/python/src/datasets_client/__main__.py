"""`python -m datasets_client` is `dsets`."""

from datasets_client._cli.main import main

main()
