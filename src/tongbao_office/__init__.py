"""Between built and published: approvals that bind, versions that stay, files to hand on."""
