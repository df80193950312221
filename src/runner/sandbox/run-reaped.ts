import type { RunControl } from "../process/attend-program.ts";
import { ProgramNotStarted, runProgram, type Program, type ProgramEnd } from "../process/run-program.ts";

/** The number of prctl(2) by architecture: Perl has no name for it. */
const PRCTL: { readonly [Architecture in string]?: number } = { x64: 157, arm64: 167 };

/**
 * Starts a program and takes in whatever loses its parent below it (PR_SET_CHILD_SUBREAPER), so that a process stays
 * among its descendants whatever it does to hide. When the program ends, or the runner does (PR_SET_PDEATHSIG), it kills
 * them until there are none, and ends as the program did.
 */
const REAPER = `
  use strict; use POSIX ();
  my $number = shift @ARGV;
  my $program;
  $SIG{USR1} = sub { kill KILL => $program if $program };
  syscall($number, 36, 1, 0, 0, 0) == 0 && syscall($number, 1, POSIX::SIGUSR1(), 0, 0, 0) == 0 or exit 125;
  $program = fork() // exit 125;
  if (!$program) { $SIG{USR1} = "DEFAULT"; exec { $ARGV[0] } @ARGV; POSIX::_exit(127); }
  $SIG{$_} = "IGNORE" for qw(INT TERM HUP);
  my $status;
  until (defined $status) {
    my $pid = waitpid(-1, 0);
    $status = $? if $pid == $program;
    last if $pid < 0 && !$!{EINTR};
  }
  while (1) {
    for my $stat (glob "/proc/[0-9]*/stat") {
      open(my $file, "<", $stat) or next;
      local $/;
      my ($pid, $parent) = (<$file> // "") =~ /^(\\d+) .*\\) \\S (\\d+) /s or next;
      kill KILL => $pid if $parent == $$;
    }
    my $pid = waitpid(-1, POSIX::WNOHANG());
    last if $pid < 0;
    select(undef, undef, undef, 0.005) if $pid == 0;
  }
  my $signal = $status & 127;
  if ($signal) { $SIG{$_} = "DEFAULT" for qw(INT TERM HUP USR1); kill $signal => $$; sleep 1 while 1; }
  exit $status >> 8;
`;

/** The command line that runs a program below a reaper; null where this machine has no Perl that could be one. */
function reapedArgv(
  perl: string | null,
  argv: Program["argv"],
  architecture: string = process.arch,
): Program["argv"] | null {
  const number = PRCTL[architecture];
  if (perl === null || number === undefined) return null;
  return [perl, "-e", REAPER, String(number), ...argv];
}

/** Runs a program as `runProgram` does, below a reaper. Throws ProgramNotStarted. */
export async function runReaped(
  program: Program,
  perl: string,
  control: RunControl & { readonly onStarted?: (leader: number) => void },
): Promise<ProgramEnd> {
  const argv = reapedArgv(perl, program.argv);
  if (argv === null) throw new ProgramNotStarted(program.argv[0], "no reaper");
  return runProgram({ ...program, argv }, { ...control, isReaper: true });
}
