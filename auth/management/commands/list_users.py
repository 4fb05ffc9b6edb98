"""Lists users with their organizations."""

from auth.management.command import LEVEL_NAMES, ManagementCommand, Options, Output
from auth.models import User


class Command(ManagementCommand):
    help = "Lists users, oldest first, with their organizations and levels. --json prints an array."
    example = ""
    empty_text = "There are no users."

    def run(self, options: Options) -> list[Output]:
        users = User.objects.prefetch_related("memberships__organization").order_by("id")
        return [
            {
                "user_id": user.id,
                "email": user.email,
                "first_name": user.first_name,
                "last_name": user.last_name,
                "is_active": user.is_active,
                "organizations": [
                    f"{membership.organization.name} ({LEVEL_NAMES[membership.level]})"
                    for membership in user.memberships.all()
                ],
            }
            for user in users
        ]
