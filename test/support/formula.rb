# Evaluates a formula with stand-ins for the words of Homebrew that it uses: formula.rb FORMULA PREFIX prints, as JSON, what
# it declares and what its methods ask for. PREFIX/bin must have the program for its test.

require "fileutils"
require "json"
require "pathname"

FORMULA, PREFIX = ARGV
ROOT = Pathname(PREFIX)
ASKED = { "depends_on" => [], "system" => [], "symlinks" => {}, "etc" => {}, "completions" => [], "shell" => [] }

class Pathname
  def install_symlink(*sources)
    ASKED["symlinks"][relative_path_from(ROOT).to_s] = sources.flatten.map { |it| it.relative_path_from(ROOT).to_s }
  end

  # Into etc, of files in the folder where it is built.
  def install(*names)
    names.each { |name| ASKED["etc"][(self / name).relative_path_from(ROOT).to_s] = (ROOT / "build" / name).read }
  end
end

module Places
  def etc = ROOT / "etc"
  def var = ROOT / "var"
  def opt_bin = ROOT / "opt/metalstat-exporter/bin"
end

class Service
  include Places
  def std_service_path_env = "#{ROOT}/bin:/usr/bin:/bin"
  # Words that Homebrew does not have are not known here either.
  %i[run keep_alive throttle_interval environment_variables log_path error_log_path].each do |word|
    define_method(word) { |*values, **named| told[word] = named.empty? ? values.flatten.map(&:to_s) : named }
  end
  def told = @told ||= {}
end

class Formula
  include Places

  class << self
    %i[desc homepage url sha256 license].each { |word| define_method(word) { |value| ASKED[word.to_s] = value } }
    def depends_on(what) = ASKED["depends_on"] << (what.is_a?(Hash) ? what : { "formula" => what })
    def service(&block) = ASKED["service"] = Service.new.tap { |it| it.instance_exec(&block) }.told
    def test(&block) = define_method(:run_test, &block)
    def inherited(formula) = (@@formula = formula)
    def found = @@formula
  end

  def version = ASKED["url"][/-([^-]*)\.tgz$/, 1]
  def buildpath = ROOT / "build"
  def libexec = ROOT / "libexec"
  def bin = ROOT / "bin"
  def man1 = ROOT / "share/man/man1"
  def std_npm_args = ["--prefix=#{libexec}"]
  def system(*words) = ASKED["system"] << words
  def generate_completions_from_executable(program, *words) = ASKED["completions"] << [program.basename.to_s, *words]

  def shell_output(command)
    ASKED["shell"] << command.sub("#{bin}/", "")
    `#{command}`.tap { raise "#{command} ended with #{$?.exitstatus}" unless $?.success? }
  end

  def assert_match(expected, text) = text[expected] || raise("no #{expected.inspect} in #{text[0, 200]}")
end

require File.expand_path(FORMULA)
FileUtils.mkdir_p(ROOT / "build")
formula = Formula.found.new
formula.install
formula.run_test
puts JSON.generate(ASKED.merge("class" => Formula.found.name, "version" => formula.version))
