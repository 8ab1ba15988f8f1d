"""What went wrong, for a reader of the command line: no command ends in a traceback."""

from __future__ import annotations

import errno
import zlib

import click
from peewee import PeeweeException

from core.config import Settings
from core.errors import FazhiError, fail
from core.text import Text

FAILURES = (FazhiError, PeeweeException, OSError, UnicodeError, zlib.error)
"""What a command may meet without being wrong itself: bad input, the database, the disk."""

_REASONS = {
    errno.ENOENT: Text("文件或文件夹不存在", {"en": "it does not exist"}),
    errno.EACCES: Text("没有权限", {"en": "permission denied"}),
    errno.EPERM: Text("没有权限", {"en": "permission denied"}),
    errno.ENOSPC: Text("磁盘已满", {"en": "the disk is full"}),
    errno.EROFS: Text("磁盘只读", {"en": "the disk is read-only"}),
    errno.EEXIST: Text("已经存在", {"en": "it exists already"}),
    errno.EISDIR: Text("是文件夹，不是文件", {"en": "it is a folder"}),
    errno.ENOTDIR: Text("上级不是文件夹", {"en": "what should hold it is no folder"}),
    errno.EADDRINUSE: Text("端口已被占用", {"en": "the port is in use"}),
}


def told(failure: BaseException) -> FazhiError:
    """The failure as an error with a code and a way out."""
    if isinstance(failure, FazhiError):
        return failure
    if isinstance(failure, PeeweeException):
        return _of_database(failure)
    if isinstance(failure, OSError):
        reason = _REASONS.get(failure.errno or 0, Text(failure.strerror or str(failure)))
        return fail("file-unusable", path=failure.filename or "—", reason=reason)
    return fail("content-unreadable", reason=str(failure))


def usage(error: click.UsageError, language: str) -> str:
    """How a command was called wrongly, and where to look."""
    if language != "zh":
        said = f"Error: {error.format_message()}"
    elif isinstance(error, click.NoSuchOption):
        near = f"；是不是 {'、'.join(error.possibilities)}？" if error.possibilities else "。"
        said = f"没有选项 {error.option_name}{near}"
    elif isinstance(error, click.MissingParameter):
        said = f"缺少参数 {_name(error)}。"
    elif isinstance(error, click.BadParameter):
        said = f"参数 {_name(error)} 的值不能用：{error.message}"
    else:
        said = f"命令用法不对：{error.format_message()}"
    if error.ctx is None:
        return said
    look = {"zh": "查看用法："}.get(language, "Usage: ")
    return f"{said}\n{look}{error.ctx.command_path} --help"


def _name(error: click.BadParameter) -> str:
    if error.param_hint:
        return error.param_hint if isinstance(error.param_hint, str) else "、".join(error.param_hint)
    return error.param.get_error_hint(error.ctx) if error.param is not None and error.ctx is not None else "—"


def _of_database(failure: PeeweeException) -> FazhiError:
    said = str(failure).strip()
    if "locked" in said or "busy" in said:
        return fail("database-busy")
    return fail("database-unusable", database=_shown(Settings.from_environment().database_url), reason=said)


def _shown(url: str) -> str:
    """The address without its password."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
