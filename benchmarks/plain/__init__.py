"""The same API as a good tutorial would write it: a ModelViewSet. What ours is compared with, and nothing of ours."""
