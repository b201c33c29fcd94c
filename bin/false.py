# false - do nothing, unsuccessfully
# usage: false


def __main__(args):
    return 1
