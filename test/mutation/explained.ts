// Why a mutant that survives changes nothing that could be noticed, or nothing on the double. What is not here is not
// explained, and wants a test.

import type { Mutant } from './operators';

interface Explanation {
  readonly file: RegExp;
  /** In the line before the change. */
  readonly line: RegExp;
  readonly operators?: readonly string[];
  readonly why: string;
}

const EXPLAINED: readonly Explanation[] = [
  {
    file: /./,
    line: /\b(?:integer|id|bytes|words|cpus|unique|still|narrow|wide|token|real|number|natural|key|size|value|words_|nth|state|channel|fewest|megabytes|columns_) = 0;/,
    operators: ['number'],
    why: 'written by a call before it is read, or not read where the call fails',
  },
  {
    file: /./,
    line: /bool (?:wanted|failed_|wants_\w+|is_sorted_|raw|ok) = (?:true|false);/,
    why: 'written before it is read',
  },
  {
    file: /_children\.cc$|libproc\.cc$/,
    line: /\b(?:seen|reads_) = 0;/,
    operators: ['number'],
    why: 'the number of a read is only compared with that of another',
  },
  {
    file: /./,
    line: /CF(?:Array|Dictionary)CreateMutable(?:Copy)?\(kCFAllocatorDefault, 0,|^\s+kCFAllocatorDefault, 0, &kCFType/,
    operators: ['number'],
    why: 'a hint of how many there will be, which the double does not take',
  },
  {
    file: /ioreport(?:_record|_probe)?\.cc$/,
    line: /IOReportCopyChannelsInGroup\(|IOReportCopyAllChannels\(|channels\.out\(\), 0,/,
    operators: ['number'],
    why: 'an argument whose meaning nobody knows: every public reader passes 0, and the double takes any number',
  },
  {
    file: /./,
    line: /sysctlbyname\(.*nullptr, 0\)/,
    operators: ['number'],
    why: 'the size of what is to be written where nothing is',
  },
  {
    file: /./,
    line: /errno = 0;/,
    why: 'for a call that fails without an error right after one that left the very error that is asked for; any other number will do',
  },
  // Room.
  { file: /libproc\.cc$/, line: /kPidsAtFirst = /, why: 'room for more than there is' },
  { file: /table\.h$/, line: /filled <= 0/, operators: ['number'], why: 'no list is of one byte' },
  // HID.
  {
    file: /hid\.cc$/,
    line: /\{listed_\[index\], 0, nullptr\}|&& id > 0;/,
    why: 'its place is put in when all are laid out; an id of 0 is told as 0 either way',
  },
  {
    file: /hid\.cc$/,
    line: /now - lacking_since_ >= patience_|asleep > asleep_ \+/,
    operators: ['comparison'],
    why: 'at exactly that time, which the sum of fractions of a second does not hit',
  },
  // The clock.
  {
    file: /clock\.h$/,
    line: /continuous > absolute/,
    operators: ['comparison', 'arithmetic'],
    why: 'the difference is 0 where they are equal, and 0 times or by a number is 0',
  },
  {
    file: /host\.cc$/,
    line: /Kind::kAsleep, 0|slot\.index < ticks\.cpus/,
    operators: ['number', 'comparison'],
    why: 'there is one such channel, and its place is not looked at; a Mac does not lose a CPU',
  },
  // IOReport.
  {
    file: /ioreport\.cc$/,
    line: /step < count|group < groups_\.size\(\) && group < copies_\.size\(\)/,
    operators: ['comparison'],
    why: 'one step more comes round to the first again, or is ended by the other bound',
  },
  {
    file: /ioreport\.cc$/,
    line: /^ {4}listed_\.clear\(\);/,
    operators: ['statement dropped'],
    why: 'memory: nothing looks at it before it is listed anew',
  },
  {
    file: /ioreport(?:_record)?\.cc$/,
    line: /== subscription\.(?:places|slots)\.end\(\)/,
    operators: ['early end dropped'],
    why: 'a sample of the double has nothing but what was subscribed to',
  },
  {
    file: /ioreport_record\.cc$/,
    line: /parsed\.provider == run\.driver/,
    operators: ['and, or'],
    why: 'the elements of the double are of their channel, or of none at all',
  },
  {
    file: /ioreport_record\.cc$/,
    line: /i < elements; i\+\+\) \{/,
    operators: ['comparison'],
    why: 'reads past the end, where no element of this channel is: valgrind and the sanitizers see it',
  },
  {
    file: /ioreport_probe\.cc$/,
    line: /from == before\.end\(\)/,
    operators: ['early end dropped', 'and, or'],
    why: 'two samples that follow one another at once have the same channels on the double',
  },
  // sysctl.
  {
    file: /sysctl\.cc$/,
    line: /natural_at\(0, 8\)/,
    operators: ['number'],
    why: 'writes past a variable, where nothing is that is read: the sanitizers see it',
  },
  {
    file: /sysctl\.cc$/,
    line: /"kern\.boottime", "qi", 2/,
    operators: ['number'],
    why: 'it is no live value, and as a fact both fields are read by their place',
  },
  { file: /sysctl\.cc$/, line: /Field field\[4\]/, operators: ['number'], why: 'room for one more' },
  {
    file: /sysctl\.cc$/,
    line: /\/ bytes_of \* bytes_of/,
    operators: ['number'],
    why: 'a place is a multiple of 4, so that 1 or 2 less is the same',
  },
  {
    file: /sysctl\.cc$/,
    line: /^ {4}values_\.clear\(\);/,
    operators: ['statement dropped'],
    why: 'memory: the new ones are appended, and only these are looked at',
  },
  {
    file: /sysctl\.cc$/,
    line: /push_back\(\{name, value\.field\(0\)\}\)/,
    operators: ['number'],
    why: 'what has no layout has one field, whichever is asked for',
  },
  // libproc and coalitions.
  {
    file: /libproc\.cc$/,
    line: /while \(start > 0|const size_t wanted = lead/,
    operators: ['comparison', 'number'],
    why: 'only what is no UTF-8 begins with the middle of a character, or has one of five bytes; a machine file is UTF-8',
  },
  {
    file: /libproc\.cc$/,
    line: /if \(result != 0 && errno == EINVAL|size > 0 \? EMSGSIZE/,
    operators: ['number'],
    why: 'it answers 0 or -1, and no struct of one byte',
  },
  {
    file: /coalition\.cc$/,
    line: /listed\.id == 0/,
    operators: ['early end dropped'],
    why: 'what was not filled in has no words either',
  },
  {
    file: /libproc\.cc$/,
    line: /return length > 0 \? std::string/,
    operators: ['comparison'],
    why: 'the first 0 bytes are an empty text, too',
  },
  {
    file: /coalition\.cc$/,
    line: /kUntouched = /,
    operators: ['unit'],
    why: 'any word will do that the kernel does not write',
  },
  {
    file: /coalition\.cc$/,
    line: /while \(words > 0/,
    operators: ['comparison'],
    why: 'before the words is another member, which ends it',
  },
  {
    file: /owned\.h$/,
    line: /^ {4}reset\(\);/,
    operators: ['release dropped'],
    why: 'out() of one that owns something: no caller has such a one',
  },
  // The registry.
  {
    file: /_children\.cc$/,
    line: /digits = text\.c_str\(\)/,
    operators: ['number'],
    why: 'strtol skips the blank before the number',
  },
  {
    file: /registry_record\.cc$/,
    line: /if \(!value\) return \{\};|if \(member != "class"\) continue;/,
    operators: ['early end dropped'],
    why: 'no collection of the double holds NULL; and what is no list has no items to be shown',
  },
  {
    file: /_children\.cc$/,
    line: /^ {6}return false;/,
    operators: ['truth'],
    why: 'where there are no such strings nothing was listed, and no row is asked for',
  },
  // The SMC.
  {
    file: /smc\.cc$/,
    line: /- begin\) \/ kReads|answer_to\(sizeof\(SmcParam\) - /,
    operators: ['arithmetic'],
    why: 'a clock that is stepped stands still meanwhile; any other size is refused',
  },
  {
    file: /smc_client\.cc$/,
    line: /failed_in_a_row_ == 0 && \*code == kSmcKeyNotFound|param\.info\.size = size;/,
    operators: ['and, or', 'statement dropped'],
    why: 'of the double a key is there or not, and one that cannot be read says so whatever its size',
  },
  {
    file: /smc\.cc$/,
    line: /uint32_t\{0xff\}/,
    operators: ['unit'],
    why: 'the characters of a key have seven bits',
  },
  {
    file: /smc\.cc$/,
    line: /i < sizeof\(uint32_t\); i\+\+\) count_|count_ <= UINT16_MAX/,
    why: 'a count of 65,535 keys, or of more than sixteen million: the double has as many as its file',
  },
  {
    file: /smc\.cc$/,
    line: /before = 0;/,
    operators: ['number'],
    why: 'four characters are a greater number',
  },
  {
    file: /smc\.cc$/,
    line: /next\.second <= one/,
    operators: ['comparison'],
    why: 'no key is in an index twice',
  },
  {
    file: /smc_client\.cc$/,
    line: /param\.key = kSmcKeyCount;/,
    operators: ['statement dropped'],
    why: 'only whether it takes a struct of this size is asked, with any key',
  },
  // Metal.
  {
    file: /metal\.cc$/,
    line: /at \+ 1 < size_/,
    operators: ['comparison', 'number'],
    why: 'there is one channel, with a stamp and a value',
  },
];

export const whyOf = ({ file, operator, before }: Mutant): string | undefined =>
  EXPLAINED.find(
    (each) =>
      each.file.test(file) &&
      each.line.test(before) &&
      (!each.operators || each.operators.includes(operator)),
  )?.why;
