# true - do nothing, successfully
# usage: true


def __main__(args):
    return 0
