"""National grid references to latitude and longitude, and back: pure arithmetic.

The projection is the transverse Mercator of *A guide to coordinate systems in Great Britain*
(Ordnance Survey, appendices B and C); the change of datum is the seven-parameter Helmert shift
published there (OSGB36) and as EPSG:1641 (Irish grid). Against a datum shift by OS's own grid
of corrections this is right to about 5 metres, which is finer than a postcode.
"""

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin, sqrt, tan
from typing import NamedTuple

ARC_SECOND = radians(1 / 3600)


class Point(NamedTuple):
    """Decimal degrees on WGS84, west negative."""

    lat: float
    lng: float


class GridPoint(NamedTuple):
    """Metres east and north of a grid's false origin."""

    easting: float
    northing: float


@dataclass(frozen=True)
class Ellipsoid:
    """Half axes in metres."""

    a: float
    b: float

    @property
    def e2(self) -> float:
        """The square of the eccentricity."""
        return 1 - (self.b / self.a) ** 2

    @property
    def n(self) -> float:
        """The third flattening."""
        return (self.a - self.b) / (self.a + self.b)


@dataclass(frozen=True)
class Shift:
    """A Helmert shift to WGS84: metres, seconds of arc and parts in a million."""

    tx: float
    ty: float
    tz: float
    rx: float
    ry: float
    rz: float
    ppm: float

    def reversed(self) -> "Shift":
        """The way back; the neglected products of small angles come to a centimetre."""
        return Shift(-self.tx, -self.ty, -self.tz, -self.rx, -self.ry, -self.rz, -self.ppm)


@dataclass(frozen=True)
class Grid:
    """A transverse Mercator grid: origin in degrees, false origin in metres."""

    ellipsoid: Ellipsoid
    scale: float
    origin: Point
    false_easting: float
    false_northing: float
    to_wgs84: Shift


WGS84 = Ellipsoid(6378137.0, 6356752.314245)
BRITISH = Grid(
    ellipsoid=Ellipsoid(6377563.396, 6356256.909),
    scale=0.9996012717,
    origin=Point(49.0, -2.0),
    false_easting=400_000.0,
    false_northing=-100_000.0,
    to_wgs84=Shift(446.448, -125.157, 542.060, 0.1502, 0.2470, 0.8421, -20.4894),
)
IRISH = Grid(
    ellipsoid=Ellipsoid(6377340.189, 6356034.447938534),
    scale=1.000035,
    origin=Point(53.5, -8.0),
    false_easting=200_000.0,
    false_northing=250_000.0,
    to_wgs84=Shift(482.5, -130.6, 564.6, -1.042, -0.214, -0.631, 8.15),
)


def british_to_wgs84(easting: float, northing: float) -> Point:
    """OSGB36 British national grid (EPSG:27700), metres."""
    return _to_wgs84(BRITISH, easting, northing)


def irish_to_wgs84(easting: float, northing: float) -> Point:
    """TM65 Irish grid (EPSG:29902), metres: what Northern Ireland's postcodes come in."""
    return _to_wgs84(IRISH, easting, northing)


def wgs84_to_british(lat: float, lng: float) -> GridPoint:
    """The way back to the British grid; it is continued, not cut off, over Northern Ireland."""
    to_airy = BRITISH.to_wgs84.reversed()
    return _project(BRITISH, _change_datum(Point(lat, lng), WGS84, BRITISH.ellipsoid, to_airy))


def _to_wgs84(grid: Grid, easting: float, northing: float) -> Point:
    local = _unproject(grid, easting, northing)
    return _change_datum(local, grid.ellipsoid, WGS84, grid.to_wgs84)


def _meridional_arc(grid: Grid, phi: float) -> float:
    """Distance along the central meridian from the origin's latitude, in metres."""
    n, phi0 = grid.ellipsoid.n, radians(grid.origin.lat)
    less, more = phi - phi0, phi + phi0
    return (
        grid.ellipsoid.b
        * grid.scale
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * less
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(less) * cos(more)
            + (15 / 8 * n**2 + 15 / 8 * n**3) * sin(2 * less) * cos(2 * more)
            - 35 / 24 * n**3 * sin(3 * less) * cos(3 * more)
        )
    )


def _radii(grid: Grid, phi: float) -> tuple[float, float, float]:
    """Radii of curvature across and along the meridian, scaled, and eta squared."""
    ellipsoid = grid.ellipsoid
    bent = 1 - ellipsoid.e2 * sin(phi) ** 2
    nu = ellipsoid.a * grid.scale / sqrt(bent)
    rho = ellipsoid.a * grid.scale * (1 - ellipsoid.e2) / bent**1.5
    return nu, rho, nu / rho - 1


def _unproject(grid: Grid, easting: float, northing: float) -> Point:
    rise = northing - grid.false_northing
    phi = radians(grid.origin.lat) + rise / (grid.ellipsoid.a * grid.scale)
    for _ in range(12):  # five rounds reach a hundredth of a millimetre anywhere in these islands
        off = rise - _meridional_arc(grid, phi)
        if abs(off) < 1e-5:
            break
        phi += off / (grid.ellipsoid.a * grid.scale)
    nu, rho, eta2 = _radii(grid, phi)
    t, sec = tan(phi), 1 / cos(phi)
    x = easting - grid.false_easting
    lat = (
        phi
        - x**2 * t / (2 * rho * nu)
        + x**4 * t / (24 * rho * nu**3) * (5 + 3 * t**2 + eta2 - 9 * t**2 * eta2)
        - x**6 * t / (720 * rho * nu**5) * (61 + 90 * t**2 + 45 * t**4)
    )
    lng = (
        radians(grid.origin.lng)
        + x * sec / nu
        - x**3 * sec / (6 * nu**3) * (nu / rho + 2 * t**2)
        + x**5 * sec / (120 * nu**5) * (5 + 28 * t**2 + 24 * t**4)
        - x**7 * sec / (5040 * nu**7) * (61 + 662 * t**2 + 1320 * t**4 + 720 * t**6)
    )
    return Point(degrees(lat), degrees(lng))


def _project(grid: Grid, point: Point) -> GridPoint:
    phi, turn = radians(point.lat), radians(point.lng - grid.origin.lng)
    nu, rho, eta2 = _radii(grid, phi)
    s, c, t = sin(phi), cos(phi), tan(phi)
    northing = (
        _meridional_arc(grid, phi)
        + grid.false_northing
        + turn**2 * nu / 2 * s * c
        + turn**4 * nu / 24 * s * c**3 * (5 - t**2 + 9 * eta2)
        + turn**6 * nu / 720 * s * c**5 * (61 - 58 * t**2 + t**4)
    )
    easting = (
        grid.false_easting
        + turn * nu * c
        + turn**3 * nu / 6 * c**3 * (nu / rho - t**2)
        + turn**5 * nu / 120 * c**5 * (5 - 18 * t**2 + t**4 + 14 * eta2 - 58 * t**2 * eta2)
    )
    return GridPoint(easting, northing)


def _change_datum(point: Point, old: Ellipsoid, new: Ellipsoid, shift: Shift) -> Point:
    x, y, z = _to_cartesian(point, old)
    grow = 1 + shift.ppm * 1e-6
    rx, ry, rz = (angle * ARC_SECOND for angle in (shift.rx, shift.ry, shift.rz))
    return _from_cartesian(
        shift.tx + grow * x - rz * y + ry * z,
        shift.ty + rz * x + grow * y - rx * z,
        shift.tz - ry * x + rx * y + grow * z,
        new,
    )


def _to_cartesian(point: Point, ellipsoid: Ellipsoid) -> tuple[float, float, float]:
    phi, lam = radians(point.lat), radians(point.lng)
    nu = ellipsoid.a / sqrt(1 - ellipsoid.e2 * sin(phi) ** 2)
    return nu * cos(phi) * cos(lam), nu * cos(phi) * sin(lam), (1 - ellipsoid.e2) * nu * sin(phi)


def _from_cartesian(x: float, y: float, z: float, ellipsoid: Ellipsoid) -> Point:
    e2, p = ellipsoid.e2, hypot(x, y)
    phi = atan2(z, p * (1 - e2))
    for _ in range(4):  # each round gains two digits and more
        nu = ellipsoid.a / sqrt(1 - e2 * sin(phi) ** 2)
        phi = atan2(z + e2 * nu * sin(phi), p)
    return Point(degrees(phi), degrees(atan2(y, x)))
