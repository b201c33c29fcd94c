# urequests: the name that requests had.

from requests import *  # noqa: F403
