# Compression (gz) and archives (ustar), for gzip and tar.
