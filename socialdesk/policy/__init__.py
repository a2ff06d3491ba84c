"""Policy room: the team's YAML becomes decisions with reasons; pure, reads nothing but the policy folder."""
