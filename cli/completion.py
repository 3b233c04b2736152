"""``biotrace completion``: the script with which a shell completes commands, names and numbers."""

from __future__ import annotations

import os

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class, get_completion_class

from biotrace.model.text import Text

from .console import FINE, Console, answers

VARIABLE = "_BIOTRACE_COMPLETE"
"""Where the shell says what it wants, when it asks."""
_PROGRAM = "biotrace"
_INSTALL = {
    "bash": Text(
        'bash: ~/.bashrc に書き足す  eval "$(biotrace completion bash)"',
        'bash: add to ~/.bashrc  eval "$(biotrace completion bash)"',
    ),
    "zsh": Text(
        'zsh: ~/.zshrc に書き足す  eval "$(biotrace completion zsh)"',
        'zsh: add to ~/.zshrc  eval "$(biotrace completion zsh)"',
    ),
    "fish": Text(
        "fish: biotrace completion fish > ~/.config/fish/completions/biotrace.fish",
        "fish: biotrace completion fish > ~/.config/fish/completions/biotrace.fish",
    ),
    "powershell": Text(
        "PowerShell: $PROFILE に書き足す  biotrace completion powershell | Out-String | Invoke-Expression",
        "PowerShell: add to $PROFILE  biotrace completion powershell | Out-String | Invoke-Expression",
    ),
}
_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object {
        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value }
        else { $_.Extent.Text }
    })
    $before = [Console]::OutputEncoding
    try {
        [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
        $env:PYTHONIOENCODING = 'utf-8'
        $env:COMP_WORDS = $words -join "`n"
        $env:COMP_INCOMPLETE = $wordToComplete.Trim([char[]]"'`"")
        $env:%(complete_var)s = 'powershell_complete'
        %(prog_name)s | ForEach-Object {
            $value, $help = $_ -split "`t", 2
            $plain = $value -notmatch '[\\s''"`$&|;(){}@#,<>]'
            $typed = if ($plain) { $value } else { "'" + $value.Replace("'", "''") + "'" }
            if (-not $help) { $help = $value }
            [System.Management.Automation.CompletionResult]::new($typed, $value, 'ParameterValue', $help)
        }
    } finally {
        [Console]::OutputEncoding = $before
        Remove-Item Env:COMP_WORDS, Env:COMP_INCOMPLETE, Env:%(complete_var)s, Env:PYTHONIOENCODING -ErrorAction Ignore
    }
}
"""


@add_completion_class
class PowerShellComplete(ShellComplete):
    """PowerShell, which click does not know: words by lines in COMP_WORDS, answers as value and help by a tab."""

    name = "powershell"
    source_template = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is being typed, without the program's name, and that one."""
        before = os.environ.get("COMP_WORDS", "").split("\n")[1:]
        return before, os.environ.get("COMP_INCOMPLETE", "")

    def format_completion(self, item: CompletionItem) -> str:
        """A line of the answer."""
        return f"{item.value}\t{item.help}" if item.help else str(item.value)


@click.command()
@click.argument("shell", type=click.Choice(list(_INSTALL)), required=False)
@answers()
def completion(console: Console, shell: str | None) -> int:
    """シェルの補完を使えるようにする / make the shell complete commands, parties, yards and certificates.

    SHELL のスクリプトを標準出力に書く。SHELL を省くと、入れ方を示す。

    Writes the shell's script to standard output; without SHELL, how to install it.
    """
    if shell is None:
        if console.json:
            console.data({name: text.get(console.lang) for name, text in _INSTALL.items()})
        for text in _INSTALL.values() if not console.json else ():
            console.say(text)
        return FINE
    script = _script(shell)
    if console.json:
        console.data({"shell": shell, "script": script})
    else:
        for line in script.rstrip().split("\n"):
            console.say(line)
    return FINE


def _script(shell: str) -> str:
    known = get_completion_class(shell)
    assert known is not None, "the choice names only those that click knows, and ours"
    made = known(click.get_current_context().find_root().command, {}, _PROGRAM, VARIABLE)
    return made.source_template % made.source_vars()
