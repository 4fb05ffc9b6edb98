"""What the service counts about itself, for Prometheus.

memory.py (one file that all processes count in), recording.py (what is counted, and when), exposition.py (the sums as
Prometheus reads them), view.py (who may read them). Nothing here holds a key, an id, an address or content.
"""
