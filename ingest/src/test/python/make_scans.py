"""Makes the scans of the ingest tests with nibabel, and says what they hash to with hashlib.

Run from the module's folder: python3 src/test/python/make_scans.py
Made with Python 3.11, numpy 2, nibabel 5.4.
"""

import gzip
import hashlib
import pathlib

import nibabel
import numpy

OUT = pathlib.Path("src/test/resources/scans")


def gzipped(content):
    return gzip.compress(content, mtime=0)


def image(kind, shape, dtype=numpy.int16, seed=7):
    # Noise, so that the voxels do not compress to nothing and limits can be tested.
    voxels = numpy.random.default_rng(seed).integers(-1000, 1000, shape).astype(dtype)
    made = kind(voxels, numpy.diag([-0.7, -0.7, 2.5, 1]))
    made.header.set_xyzt_units("mm")
    return made


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    whole = image(nibabel.Nifti1Image, (24, 20, 10)).to_bytes()
    files = {
        "volume.nii": whole,
        "volume.nii.gz": gzipped(whole),
        "volume-nifti2.nii.gz": gzipped(image(nibabel.Nifti2Image, (24, 20, 10)).to_bytes()),
        "fourth-dimension-of-one.nii.gz": gzipped(
            image(nibabel.Nifti1Image, (12, 10, 5, 1)).to_bytes()
        ),
        "series.nii.gz": gzipped(image(nibabel.Nifti1Image, (12, 10, 5, 2)).to_bytes()),
        "complex.nii.gz": gzipped(
            image(nibabel.Nifti1Image, (12, 10, 5), numpy.complex64).to_bytes()
        ),
    }

    negative = bytearray(whole)
    negative[42:44] = numpy.int16(-24).tobytes()  # dim[1]
    files["negative-dimension.nii"] = bytes(negative)

    pair = nibabel.Nifti1Pair.from_image(image(nibabel.Nifti1Image, (24, 20, 10)))
    pair.to_filename(OUT / "pair.hdr")
    header = (OUT / "pair.hdr").read_bytes()
    voxels = (OUT / "pair.img").read_bytes()
    files["gzipped-pair.hdr.gz"] = gzipped(header)
    files["gzipped-pair.img.gz"] = gzipped(voxels)

    for name, content in files.items():
        (OUT / name).write_bytes(content)

    # What each accepted scan is known by: the hash of its uncompressed bytes.
    ids = {
        name: hashlib.sha256(gzip.decompress(content) if name.endswith(".gz") else content)
        for name, content in files.items()
        if name.startswith(("volume", "fourth"))
    }
    ids["pair.hdr"] = ids["gzipped-pair.hdr.gz"] = hashlib.sha256(header + voxels)
    lines = [f"{name}={digest.hexdigest()}" for name, digest in sorted(ids.items())]
    (OUT / "scan-ids.properties").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
