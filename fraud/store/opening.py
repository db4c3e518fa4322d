"""Opening what the settings name: keys, database and clock."""

from fraud.clock import Clock, system_clock
from fraud.config import Settings
from fraud.errors import Misconfigured
from fraud.privacy import KeyRing
from fraud.store.engine import Store


def keyring_of(settings: Settings) -> KeyRing:
    """The keys of the deployment. Raises Misconfigured when the secret is not hex."""
    try:
        secret = bytes.fromhex(settings.secret_key.get_secret_value())
    except ValueError as error:
        raise Misconfigured("FRAUD_SECRET_KEY is not hex; make one with `fraud init`") from error
    return KeyRing(secret)


def open_store(settings: Settings, *, create: bool = False) -> Store:
    """The database, with exactly this program's tables; `create` brings them up to date."""
    return Store.open(settings.database_url, keyring_of(settings), create=create)


def clock_of(settings: Settings, store: Store) -> Clock:
    """The machine's time, or the simulated time that the store keeps."""
    return store.simulated_time if settings.clock == "simulated" else system_clock
