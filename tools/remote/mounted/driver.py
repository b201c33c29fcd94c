"""mfusepy's driver, with what libfuse 3 does differently for files that are open."""

import mfusepy


class Driver(mfusepy.FUSE):
    """libfuse 3 asks for the length and the time of an open file by its handle, without a path; mfusepy keeps only the path."""

    def truncate_fuse_3(self, path, length, fip):
        """truncate(2) and ftruncate(2)."""
        return self.ftruncate(path, length, fip)

    def utimens_fuse_3(self, path, buf, fip):
        """utimensat(2) and futimens(3)."""
        if path is None and fip:
            path = self.operations.handles[fip.contents.fh].path.encode(self.encoding, self.errors)
        return self.utimens_fuse_2(path, buf)
