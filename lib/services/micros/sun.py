# Sunrise and sunset by NOAA's formulas for the solar position: "General Solar Position Calculations", NOAA Global
# Monitoring Division, https://gml.noaa.gov/grad/solcalc/solareqns.PDF. They agree with almanacs to about a minute.
#
# The angles are small and the day is the day of the year, so that floats of 32 bits suffice.

from math import acos, cos, pi, radians, sin, tan

_ZENITH = 90.833  # degrees of the sun's middle at sunrise: refraction and the radius of its disc


def times(day, days, latitude, longitude):
    """(sunrise, sunset) of a day in minutes after its midnight UTC, which may be of the day before or after.

    day: of the year, from 1; days: in that year; degrees north and east. ("up",) or ("down",) where the sun does neither.
    """
    year = 2 * pi / days * (day - 1)
    equation = 229.18 * (
        0.000075 + 0.001868 * cos(year) - 0.032077 * sin(year) - 0.014615 * cos(2 * year) - 0.040849 * sin(2 * year)
    )
    declination = (
        0.006918
        - 0.399912 * cos(year)
        + 0.070257 * sin(year)
        - 0.006758 * cos(2 * year)
        + 0.000907 * sin(2 * year)
        - 0.002697 * cos(3 * year)
        + 0.00148 * sin(3 * year)
    )
    place = radians(min(max(latitude, -89.9), 89.9))
    height = cos(radians(_ZENITH)) / (cos(place) * cos(declination)) - tan(place) * tan(declination)
    if height > 1:
        return ("down",)
    if height < -1:
        return ("up",)
    hours = acos(height) * 180 / pi
    return 720 - 4 * (longitude + hours) - equation, 720 - 4 * (longitude - hours) - equation
