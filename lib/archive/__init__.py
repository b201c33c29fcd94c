# Archives: compressed files (gz) and those that hold others (ustar), for gzip and tar.
