"""What several recipes have in common that is handed over as a setting: how mail is delivered."""
