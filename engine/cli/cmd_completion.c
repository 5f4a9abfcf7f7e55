/* cmd_completion.c - `ictstat completion`. */
#include <string.h>

#include "cli/cli.h"

const char MANUAL_COMPLETION[] =
    "  ictstat completion bash > ~/.local/share/bash-completion/completions/ictstat\n"
    "  ictstat completion zsh  > ~/.zfunc/_ictstat\n"
    "  ictstat completion fish > ~/.config/fish/completions/ictstat.fish\n";

int run_COMPLETION(const args *a) {
  const char *shell = a->words[0];
  if (strcmp(shell, "bash") != 0 && strcmp(shell, "zsh") != 0 && strcmp(shell, "fish") != 0)
    return usage_error(a, "no completion for '%s': bash, zsh or fish", shell);
  print_completion(shell);
  return ICT_OK;
}
