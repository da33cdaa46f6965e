# Not published yet: no such package is there, and the checksum is of nothing. The release writes both. The address of the
# repository is a guess until then.
class MetalstatExporter < Formula
  desc "Prometheus exporter for Apple Silicon Macs"
  homepage "https://github.com/metalstat/metalstat-exporter"
  url "https://github.com/metalstat/metalstat-exporter/releases/download/v0.1.0/metalstat-exporter-0.1.0.tgz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "MIT"

  depends_on arch: :arm64
  depends_on macos: :monterey
  depends_on "node"

  def install
    system "npm", "install", *std_npm_args
    bin.install_symlink libexec.glob("bin/*")
    man1.install_symlink libexec/"lib/node_modules/metalstat-exporter/man/metalstat-exporter.1"
    generate_completions_from_executable(bin/"metalstat-exporter", "completion")

    # A file that is there already stays, and this becomes metalstat-exporter.yaml.default.
    (buildpath/"metalstat-exporter.yaml").write <<~YAML
      # Options of `metalstat-exporter serve` by their names; `metalstat-exporter serve --help` lists all.
      # A change is taken over after: brew services restart metalstat-exporter

      # Let others scrape. Anybody who can connect may read what is served, unless web.config.file asks for a password.
      # web.listen-address: [':13013']
      # web.config.file: #{etc}/metalstat-exporter-web.yaml

      # collector.app: true
      # collector.app.top: 10
      # collector.thermal.sensors: all
    YAML
    etc.install "metalstat-exporter.yaml"
  end

  service do
    run [opt_bin/"metalstat-exporter", "serve", "--config.file", etc/"metalstat-exporter.yaml"]
    # Ended by a signal or an error it starts again; told to stop it stays ended.
    keep_alive successful_exit: false
    throttle_interval 30
    # launchd's own has no Homebrew in it, and the command begins with `env node`.
    environment_variables PATH: std_service_path_env
    log_path var/"log/metalstat-exporter.log"
    error_log_path var/"log/metalstat-exporter.log"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/metalstat-exporter --version")
    page = shell_output("#{bin}/metalstat-exporter once --machine Macmini9,1__m1__15.6__idle")
    assert_match(/^metal_alloc_bytes \d/, page)
  end
end
