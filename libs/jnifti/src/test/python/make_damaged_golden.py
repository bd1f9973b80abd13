"""Makes src/test/resources/damaged: headers whose sform, qform or pixdim cannot be true.

Each is a 4x3x2 scan laid out through nibabel's header class with some fields overwritten. damaged.tsv
says what nibabel makes of the form that is left: its affine and axis codes, "none" where neither form
is usable. A form counts as usable where nibabel's own get_sform and get_qform give a finite matrix of
which the axes span space. Run from the module's folder:

    python3 -m venv venv && venv/bin/pip install numpy nibabel
    venv/bin/python src/test/python/make_damaged_golden.py
"""

import pathlib

import nibabel as nib
import numpy as np
from nibabel.spatialimages import HeaderDataError

OUT = pathlib.Path("src/test/resources/damaged")
NAN, INF = np.nan, np.inf

LPS = {"sform_code": 1, "srow_x": [-2, 0, 0, 10], "srow_y": [0, -3, 0, 20], "srow_z": [0, 0, 5, 30]}
HALF_TURN = {"qform_code": 1, "quatern_b": 0, "quatern_c": 0, "quatern_d": 1, "qoffset_x": 7}
BOTH = {**LPS, **HALF_TURN}
NO_SROW = {row: [0, 0, 0, 0] for row in ["srow_x", "srow_y", "srow_z"]}
NAN_SROW = {row: [NAN] * 4 for row in ["srow_x", "srow_y", "srow_z"]}
FIVE = {"quatern_b": 5, "quatern_c": 5, "quatern_d": 5}
PIXDIM = [1, 2, 3, 5, 0, 0, 0, 0]


def pixdim(index, value):
    return {"pixdim": [value if i == index else p for i, p in enumerate(PIXDIM)]}


CASES = {
    "sform-nan": {**LPS, **NAN_SROW},
    "sform-nan-qform": {**BOTH, **NAN_SROW},
    "sform-infinite-qform": {**BOTH, "srow_y": [0, -INF, 0, 20]},
    "sform-offset-nan-qform": {**BOTH, "srow_z": [0, 0, 5, NAN]},
    "sform-zero": {**LPS, **NO_SROW},
    "sform-zero-qform": {**BOTH, **NO_SROW},
    "sform-flat-qform": {**BOTH, "srow_y": [-2, 0, 0, 20]},
    "sform-huge-qform": {**BOTH, "srow_x": [-1e30, 0, 0, 10]},
    "qform-nan": {**HALF_TURN, "quatern_b": NAN},
    "qform-nan-sform": {**BOTH, "quatern_b": NAN},
    "qform-offset-infinite-sform": {**BOTH, "qoffset_z": INF},
    "qform-long": {**HALF_TURN, **FIVE},
    "qform-long-sform": {**BOTH, **FIVE},
    "both-damaged": {**BOTH, **NAN_SROW, **FIVE},
    "qfac-odd": {**HALF_TURN, **pixdim(0, 3)},
    "handedness": {**BOTH, **pixdim(0, -1)},
    "sheared": {**LPS, "srow_y": [0, -3, 2, 20]},
    "spacing-differs": {**LPS, **pixdim(2, 1.5)},
    "pixdim-nan": {**LPS, **pixdim(1, NAN)},
    "pixdim-infinite": {**LPS, **pixdim(2, INF)},
    "pixdim-zero": {**LPS, **pixdim(3, 0)},
    "pixdim-negative": {**LPS, **pixdim(1, -2)},
    "pixdim-huge": {**LPS, **pixdim(1, 1e30)},
}


def usable(get):
    try:
        affine = get(coded=True)[0]
    except (ValueError, HeaderDataError):
        return None
    if affine is None or not np.isfinite(affine).all():
        return None
    axes = affine[:3, :3]
    lengths = np.linalg.norm(axes, axis=0)
    # 1e6 mm: a kilometre from voxel to voxel.
    if not ((lengths > 0) & (lengths < 1e6)).all() or abs(np.linalg.det(axes / lengths)) < 0.1:
        return None
    return affine


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    lines = []
    for name, fields in CASES.items():
        header = nib.nifti1.Nifti1Header(endianness="<")
        header.set_data_dtype(np.int16)
        header.set_data_shape((4, 3, 2))
        header["pixdim"] = PIXDIM
        for field, value in fields.items():
            header[field] = value
        header["vox_offset"] = 352
        header["xyzt_units"] = 2
        voxels = np.arange(24, dtype="<i2").tobytes()
        (OUT / f"{name}.nii").write_bytes(header.binaryblock + b"\0\0\0\0" + voxels)
        fixed = nib.nifti1.Nifti1Header(header.binaryblock, check=True)  # as nibabel.load does
        left = usable(fixed.get_sform)
        left = usable(fixed.get_qform) if left is None else left
        numbers = "none" if left is None else " ".join(repr(float(a)) for a in left[:3].reshape(-1))
        codes = "none" if left is None else "".join(nib.aff2axcodes(left))
        lines.append(f"{name}.nii\t{numbers}\t{codes}")
    (OUT / "damaged.tsv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
