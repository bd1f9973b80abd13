"""Makes src/test/resources/golden: small scans written, and read back, by tools that are not ours.

NIfTI is laid out through nibabel's header classes and read by nibabel; JNIfTI is written by jdata and
bjdata, the reference implementation of the NeuroJSON project. Run from the module's folder:

    python3 -m venv venv && venv/bin/pip install 'numpy<2' scipy nibabel jdata bjdata
    venv/bin/python src/test/python/make_golden.py

Beside each scan lies NAME.f64: what its voxels mean, as little-endian float64, first axis fastest.
scans.tsv tells the rest, orientations.tsv has affines with nibabel's axis codes.
"""

import gzip
import json
import pathlib

import bjdata
import jdata
import nibabel as nib
import numpy as np

OUT = pathlib.Path("src/test/resources/golden")
UNIT_MM = {"meter": 1000.0, "mm": 1.0, "micron": 0.001, "unknown": 1.0}
REAL = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"]

rng = np.random.default_rng(20260101)
rows = []


def voxels(dtype, shape):
    """Random values over the type's whole range, its extremes among them."""
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        values = (rng.standard_normal(shape) * 1000).astype(dtype)
        flat = values.reshape(-1)
        flat[:4] = [np.nan, np.inf, -np.inf, -0.0]
        return values
    info = np.iinfo(dtype)
    values = rng.integers(info.min, info.max, shape, dtype, endpoint=True)
    flat = values.reshape(-1)
    flat[:2] = [info.min, info.max]
    return values


def small(shape=(4, 3, 2)):
    return rng.integers(-1000, 1000, shape).astype(np.int16)


def record(name, format_name, order, dims, dtype, slope, inter, spacing, affine, code, description, data):
    np.asarray(data, "<f8").reshape(-1, order="F").tofile(OUT / (name.split(".")[0] + ".f64"))
    rows.append(
        [
            name,
            format_name,
            order,
            "x".join(map(str, dims)),
            dtype,
            repr(float(slope)),
            repr(float(inter)),
            " ".join(repr(float(s)) for s in spacing),
            "none" if affine is None else " ".join(repr(float(a)) for a in affine[:3].reshape(-1)),
            code,
            description,
        ]
    )


def write(name, values, version=1, endian="<", pair=False, extension=None, **fields):
    """Header and voxels as bytes, so that every field is what the test needs."""
    kind = {
        (1, False): nib.nifti1.Nifti1Header,
        (1, True): nib.nifti1.Nifti1PairHeader,
        (2, False): nib.nifti2.Nifti2Header,
        (2, True): nib.nifti2.Nifti2PairHeader,
    }[version, pair]
    header = kind(endianness=endian)
    header.set_data_dtype(values.dtype)
    header.set_data_shape(values.shape)
    header.set_zooms([2.0, 3.0, 5.0, 1.0, 1.0][: values.ndim])
    for field, value in fields.items():
        header[field] = value
    extensions = b"\0\0\0\0"
    if extension is not None:
        content = nib.nifti1.Nifti1Extension(6, extension)
        size = content.get_sizeondisk()
        code = np.array([size, 6], header.structarr["sizeof_hdr"].dtype.newbyteorder(endian)).tobytes()
        extensions = b"\1\0\0\0" + code + extension + b"\0" * (size - 8 - len(extension))
    if not pair:
        header["vox_offset"] = header.sizeof_hdr + len(extensions)
    stored = values.astype(values.dtype.newbyteorder(endian)).tobytes("F")
    path = OUT / name

    def put(target, content):
        with open(target, "wb") as raw:
            if str(target).endswith(".gz"):
                with gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as zipped:
                    zipped.write(content)
            else:
                raw.write(content)

    if pair:
        put(path, header.binaryblock + extensions)
        put(OUT / name.replace(".hdr", ".img"), stored)
    else:
        put(path, header.binaryblock + extensions + stored)

    image = nib.load(path)
    read = image.header
    unit = UNIT_MM[read.get_xyzt_units()[0]]
    placed = read["sform_code"] > 0 or read["qform_code"] > 0
    affine = np.array(image.affine)
    affine[:3] *= unit
    slope, inter = image.dataobj.slope, image.dataobj.inter
    zooms = list(read.get_zooms()[:3]) + [1.0] * (3 - min(3, values.ndim))
    dims = list(values.shape)
    while len(dims) > 3 and dims[-1] == 1:
        dims.pop()
    record(
        name,
        f"NIFTI{version}" + ("_PAIR" if pair else ""),
        "little" if endian == "<" else "big",
        dims,
        values.dtype.name,
        slope,
        inter,
        [z * unit for z in zooms],
        affine if placed else None,
        "".join(nib.aff2axcodes(affine)),
        bytes(read["descrip"]).rstrip(b"\0").decode(),
        image.get_fdata(),
    )


def rotation(angles):
    x, y, z = np.deg2rad(angles)
    rx = [[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]]
    ry = [[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]]
    rz = [[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]]
    return np.array(rx) @ ry @ rz


def sform(matrix, offset=(10, -20, 30)):
    rows_of = np.c_[matrix, offset]
    return {"sform_code": 1, "srow_x": rows_of[0], "srow_y": rows_of[1], "srow_z": rows_of[2]}


def qform(matrix, qfac=1, offset=(-7, 8, 9), **more):
    w, b, c, d = nib.quaternions.mat2quat(matrix)
    pixdim = [qfac, 0.7, 0.8, 2.5, 1, 1, 1, 1]
    where = dict(zip(["qoffset_x", "qoffset_y", "qoffset_z"], offset))
    return {"qform_code": 1, "pixdim": pixdim, "quatern_b": b, "quatern_c": c, "quatern_d": d, **where, **more}


def nifti():
    for dtype in REAL:
        for endian, order in [("<", "little"), (">", "big")]:
            write(f"{dtype}-{order}.nii", voxels(dtype, (4, 3, 2)), 1, endian)
            write(f"{dtype}-{order}-2.nii.gz", voxels(dtype, (4, 3, 2)), 2, endian)
    write("pair-1.hdr", small(), 1, "<", True)
    write("pair-1-big-gzip.hdr.gz", small(), 1, ">", True)
    write("pair-2.hdr", small(), 2, "<", True)
    write("scaled.nii", small(), scl_slope=0.363, scl_inter=-1024)
    write("scaled-2.nii", small(), 2, ">", scl_slope=-2.5, scl_inter=0.125)
    write("slope-zero.nii", small(), scl_slope=0, scl_inter=7)
    write("slope-nan.nii", small(), scl_slope=np.nan, scl_inter=7)
    write("slope-infinite.nii", small(), scl_slope=np.inf, scl_inter=7)
    write("units-unknown.nii", small(), xyzt_units=0)
    write("units-meter.nii", small(), xyzt_units=1, pixdim=[1, 0.002, 0.003, 0.005, 0, 0, 0, 0], **sform(np.diag([-0.002, 0.003, 0.005]), (0.01, 0, 0)))
    write("units-micron.nii", small(), xyzt_units=3, **qform(np.eye(3)))
    write("sform-oblique.nii", small(), **sform(rotation([10, -20, 30]) @ np.diag([-2, 3, 5])))
    write("sform-sheared.nii", small(), **sform(np.array([[2, 0.4, 0], [0, -3, 1], [0.1, 0, 5]])))
    write("sform-permuted.nii", small(), **sform(np.array([[0, 0, -5], [2, 0, 0], [0, -3, 0]])))
    write("sform-before-qform.nii", small(), **{**qform(np.eye(3)), **sform(np.diag([-2, -3, 5]))})
    write("qform.nii", small(), **qform(rotation([5, 15, -40])))
    write("qform-left-handed.nii", small(), 2, ">", **qform(rotation([0, 0, 180]), -1))
    write("qform-qfac-zero.nii", small(), **qform(rotation([90, 0, 0]), 0))
    write("neither.nii", small())
    write("spacing-negative.nii", small(), pixdim=[1, -2, -3, -5, 0, 0, 0, 0])
    write("two-axes.nii", small((4, 3)))
    write("trailing-one.nii", small((4, 3, 2, 1)))
    write("series.nii.gz", small((4, 3, 2, 3)))
    write("one-slice.nii", small((4, 3, 1)))
    write("extension.nii", small(), 1, "<", extension=b"a comment")
    write("extension-2.nii.gz", small(), 2, ">", extension=b"another comment, longer than sixteen bytes")
    write("extension-pair.hdr", small(), 1, ">", True, extension=b"in the header file")
    write("description.nii", small(), descrip="für Übungszwecke".encode())


def jnifti_header(values, **more):
    return {
        "Dim": list(values.shape),
        "DataType": {"float32": "single", "float64": "double"}.get(values.dtype.name, values.dtype.name),
        "VoxelSize": [2, 3.5, 5],
        "Unit": {"L": "mm", "T": "s"},
        "ScaleSlope": 0,
        "ScaleOffset": 0,
        "QForm": "",
        "SForm": "scanner_anat",
        "Affine": [[-2, 0, 0, 10], [0, -3.5, 0, 20], [0, 0, 5, -30]],
        "Description": "written by jdata",
        **more,
    }


def plain(value):
    """What JSON has no way to write: arrays, and the bytes of base64."""
    return value.tolist() if isinstance(value, np.ndarray) else value.decode("ascii")


def jnifti(name, document, values, slope=1.0, inter=0.0):
    path = OUT / name
    if name.endswith(".jnii"):
        path.write_text(json.dumps(document, default=plain))
    else:
        path.write_bytes(bjdata.dumpb(document))
    affine = np.array([[-2, 0, 0, 10], [0, -3.5, 0, 20], [0, 0, 5, -30], [0, 0, 0, 1.0]])
    record(
        name,
        name.split(".")[1].upper(),
        "little",
        values.shape,
        values.dtype.name,
        slope,
        inter,
        [2, 3.5, 5],
        affine,
        "LPS",
        "written by jdata",
        values.astype(np.float64) * slope + inter if slope != 1 else values,
    )


def annotated(values, compression, binary):
    options = {"compression": compression, "compressarraysize": 0} if compression else {}
    return jdata.encode(values, base64=0 if binary else 1, **options)


def all_jnifti():
    for dtype in REAL:
        for binary, extension in [(False, "jnii"), (True, "bnii")]:
            values = voxels(dtype, (4, 3, 2))
            if not binary and np.dtype(dtype).kind == "f":
                values[~np.isfinite(values)] = 12.5  # json.dumps has its own idea of these
            every = [None, "zlib", "gzip", "lzma"]
            one = [None] if binary else ["zlib"]
            for compression in every if dtype in ("int16", "float32") else one:
                data = annotated(values, compression, binary)
                document = {"NIFTIHeader": jnifti_header(values), "NIFTIData": data}
                jnifti(f"{dtype}-{compression}-{extension}.{extension}", document, values)
    for dtype in ["int16", "float64"]:
        values = voxels(dtype, (4, 3, 2))
        packed = {"NIFTIHeader": jnifti_header(values), "NIFTIData": values}
        jnifti(f"{dtype}-packed.bnii", packed, values)
    values = small()
    nested = {"NIFTIHeader": jnifti_header(values), "NIFTIData": values.tolist()}
    jnifti("nested-jnii.jnii", nested, values)
    jnifti("nested-bnii.bnii", nested, values)
    column_major = {
        "_ArrayType_": "int16",
        "_ArraySize_": [4, 3, 2],
        "_ArrayOrder_": "c",
        "_ArrayData_": values.reshape(-1, order="F").tolist(),
    }
    jnifti("column-major.jnii", {"NIFTIHeader": jnifti_header(values), "NIFTIData": column_major}, values)
    scaled = jnifti_header(values, ScaleSlope=0.5, ScaleOffset=-3)
    data = annotated(values, "zlib", False)
    jnifti("scaled-jnii.jnii", {"NIFTIHeader": scaled, "NIFTIData": data}, values, 0.5, -3)
    jnifti("data-first.jnii", {"NIFTIData": data, "NIFTIHeader": jnifti_header(values)}, values)
    jnifti("properties.jnii", {"NIFTIHeader": jnifti_header(values), "NIFTIData": {"Data": data, "Properties": {"x": [1]}}}, values)
    inner = {"NIFTIHeader(b)": jnifti_header(values), "NIFTIHeader(a)": {}, "NIFTIData(b)": data}
    jnifti("group.jnii", {"NIFTIGroup(study)": [{"NIFTIObject(one)": inner}]}, values)
    keyed = {key: np.array([value]) if isinstance(value, int) else value for key, value in scaled.items()}
    keyed["Affine"] = np.array(keyed["Affine"])
    document = jdata.encode({"NIFTIHeader": keyed, "NIFTIData": values})
    jnifti("annotated-header.jnii", document, values, 0.5, -3)


def orientations():
    lines = []
    permutations = [np.eye(3)[list(p)] for p in [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]]
    signs = [np.diag([x, y, z]) for x in (1, -1) for y in (1, -1) for z in (1, -1)]
    for permutation in permutations:
        for sign in signs:
            exact = permutation @ sign
            spacing = np.diag(rng.uniform(0.3, 8, 3))
            oblique = rotation(rng.uniform(-40, 40, 3)) @ exact
            sheared = (exact + rng.uniform(-0.3, 0.3, (3, 3))) @ spacing
            for matrix in [exact, oblique @ spacing, sheared]:
                affine = np.eye(4)
                affine[:3] = np.c_[matrix, rng.uniform(-300, 300, 3)]
                numbers = " ".join(repr(float(a)) for a in affine[:3].reshape(-1))
                lines.append(numbers + "\t" + "".join(nib.aff2axcodes(affine)))
    (OUT / "orientations.tsv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    nifti()
    all_jnifti()
    orientations()
    header = "file format order dims datatype slope intercept spacing affine code description".split()
    text = "\n".join("\t".join(row) for row in [header] + rows)
    (OUT / "scans.tsv").write_text(text + "\n", encoding="utf-8")
