from importlib import import_module
from importlib.util import find_spec


def there(name: str) -> bool:
    try:
        if find_spec(name) is None:
            return False
        import_module(name)
        return True
    except ModuleNotFoundError as e:
        if str(e.name).startswith("huiyin"):
            return False
        raise
