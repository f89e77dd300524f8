from .tools.watch import stop_watching


def uninstall_hook(env):
    """Leave the lines where they are, and nothing behind that writes further ones."""
    stop_watching(env.cr)
