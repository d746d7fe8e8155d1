"""Which form of the wire an app speaks. A new number means that older apps cannot be understood.

An app names the number with every request; a server that has moved on answers `app_too_old`, and
the app asks to be loaded anew. What waits on the device waits on.
"""

HEADER = "Kaiku-Protocol"
SPOKEN = 1
TOO_OLD = "app_too_old"
