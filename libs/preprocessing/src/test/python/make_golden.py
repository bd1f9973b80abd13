"""Scans and what the reference makes of them, for PreprocessingTest.

Writes, under src/test/resources/golden, one scan NAME.nii.gz a case and, for each output shape and
policy, NAME.WxHxD.POLICY.npy: float32, C order, made by nibabel and scipy.ndimage with the steps of
the Keras example "3D image classification from CT scans" (normalize, rotate, zoom).

Run from the module's folder: python3 src/test/python/make_golden.py
"""

import pathlib

import nibabel
import numpy
from scipy import ndimage

OUT = pathlib.Path("src/test/resources/golden")
RNG = numpy.random.default_rng(20261123)


def reference(image, shape, policy):
    """The reference's process_scan; NaN becomes 0, which it leaves open."""
    if policy == "canonical":
        image = nibabel.as_closest_canonical(image)
    volume = image.get_fdata()
    low, high = -1000, 400
    volume[volume < low] = low
    volume[volume > high] = high
    volume = (volume - low) / (high - low)
    volume = numpy.nan_to_num(volume).astype("float32")
    factors = [1 / (have / want) for have, want in zip(volume.shape, shape)]
    volume = ndimage.rotate(volume, 90, reshape=False)
    volume = ndimage.zoom(volume, factors, order=1)
    assert volume.shape == shape and volume.dtype == numpy.float32
    return volume


def hounsfield(shape):
    """Noise over the window and beyond it: every voxel counts, some are clipped."""
    return RNG.integers(-1100, 500, shape)


def diagonal(codes):
    """Affine in mm of a scan whose stored axes point as the codes say, such as LPS."""
    orientation = nibabel.orientations.axcodes2ornt(codes)
    affine = numpy.zeros((4, 4))
    for stored, (axis, sign) in enumerate(orientation):
        affine[int(axis), stored] = sign * (0.7, 0.8, 5.0)[int(axis)]
    affine[:3, 3] = (-11, 7, 3)
    affine[3, 3] = 1
    return affine


def image(values, dtype, codes="RAS", endianness="<", slope=None, inter=None):
    header = nibabel.Nifti1Header(endianness=endianness)
    header.set_data_dtype(numpy.dtype(dtype).newbyteorder(endianness))
    scan = nibabel.Nifti1Image(
        numpy.asarray(values).astype(dtype), diagonal(codes), header)
    if slope is not None:
        scan.header.set_slope_inter(slope, inter)
    return scan


def tilted(values, dtype):
    """As a gantry tilt leaves it: the sform's columns are no longer along the axes."""
    angle = numpy.radians(12)
    affine = diagonal("LPS")
    tilt = numpy.eye(4)
    tilt[1:3, 1:3] = [[numpy.cos(angle), -numpy.sin(angle)], [numpy.sin(angle), numpy.cos(angle)]]
    return nibabel.Nifti1Image(numpy.asarray(values).astype(dtype), tilt @ affine)


def with_specials(shape):
    values = hounsfield(shape).astype(float)
    values[1, 2, 0] = numpy.nan
    values[2, 1, 1] = numpy.inf
    values[3, 3, 2] = -numpy.inf
    return values


def scaled(values, dtype, slope, inter):
    """Stored values whose header turns them into HU."""
    scan = image(values, dtype)
    # nibabel keeps a header's scaling only when it is handed raw bytes.
    header = scan.header.copy()
    header["scl_slope"], header["scl_inter"] = slope, inter
    return header, numpy.asarray(values).astype(dtype)


def save(name, scan):
    path = OUT / f"{name}.nii.gz"
    if isinstance(scan, tuple):
        save_raw(path, *scan)
    else:
        scan.to_filename(path)
    return path


def save_raw(path, header, values):
    import gzip

    header["vox_offset"] = 352
    header["magic"] = b"n+1"
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        file.write(header.binaryblock + bytes(4) + values.tobytes(order="F"))


UP, DOWN, ODD, LAST = (16, 16, 8), (8, 8, 6), (12, 10, 7), (48, 8, 4)

CASES = {
    # square in plane
    "odd-9x9x5": (image(hounsfield((9, 9, 5)), "int16"), [UP, DOWN]),
    "even-24x24x20": (image(hounsfield((24, 24, 20)), "int16"), [UP, DOWN, ODD]),
    "one-slice-10x10x1": (image(hounsfield((10, 10, 1)), "int16"), [UP, (8, 8, 1)]),
    "one-voxel-1x1x3": (image(hounsfield((1, 1, 3)), "int16"), [DOWN, (1, 1, 1)]),
    "deep-6x6x150": (image(hounsfield((6, 6, 150)), "int16"), [UP]),
    # SciPy reads the background at the last of 48 positions over 28 samples
    "past-the-end-28x28x4": (image(hounsfield((28, 28, 4)), "int16"), [LAST]),
    # sides that differ by an even number
    "wide-14x10x6": (image(hounsfield((14, 10, 6)), "int16"), [UP, DOWN]),
    "tall-10x14x6": (image(hounsfield((10, 14, 6)), "int16"), [UP, ODD]),
    # sides that differ by an odd number
    "wide-15x10x6": (image(hounsfield((15, 10, 6)), "int16"), [UP, DOWN]),
    "tall-10x15x6": (image(hounsfield((10, 15, 6)), "int16"), [UP, ODD]),
    "long-45x40x2": (image(hounsfield((45, 40, 2)), "int16"), [UP]),
    "sliver-3x2x2": (image(hounsfield((3, 2, 2)), "int16"), [DOWN]),
    # values
    "big-endian": (image(hounsfield((7, 7, 4)), "int16", endianness=">"), [UP]),
    "float32": (image(hounsfield((7, 7, 4)) + 0.37, "float32"), [UP]),
    "float64-not-finite": (image(with_specials((7, 7, 4)), "float64"), [UP]),
    "uint8-scaled": (scaled(RNG.integers(0, 256, (7, 7, 4)), "uint8", 6.1, -1050), [UP]),
    "int32-scaled": (scaled(RNG.integers(-9000, 9000, (7, 7, 4)), "int32", -0.125, 3), [UP]),
    # orientation; the last two need every axis moved, the cubic spline across slices
    "lps": (image(hounsfield((9, 9, 5)), "int16", "LPS"), [UP]),
    "pir-even": (image(hounsfield((8, 6, 10)), "int16", "PIR"), [ODD]),
    "sal-odd": (image(hounsfield((6, 8, 11)), "int16", "SAL"), [ODD]),
    "tilted": (tilted(hounsfield((9, 9, 5)), "int16"), [UP]),
}

OUT.mkdir(parents=True, exist_ok=True)
for old in OUT.iterdir():
    old.unlink()
for name, (scan, shapes) in CASES.items():
    path = save(name, scan)
    for shape in shapes:
        for policy in ("as-stored", "canonical"):
            expected = reference(nibabel.load(path), shape, policy)
            numpy.save(OUT / f"{name}.{'x'.join(map(str, shape))}.{policy}.npy", expected)
