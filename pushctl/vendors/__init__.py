"""One folder per vendor, all of the same shape; :mod:`pushctl.vendors.registry` loads one on demand."""
