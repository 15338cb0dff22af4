"""What has no domain and could be copied to another project."""
