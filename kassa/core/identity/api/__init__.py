"""People over HTTP: signing in and registering, one's own profile, staff, customers."""

from . import customers, profile, sign_in, staff

routers = [sign_in.router, profile.router, staff.router, customers.router]
