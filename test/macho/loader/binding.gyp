# For Linux: the double as a library, and the addon that maps a Mac's addon and binds it to that library.
{
  'variables': {
    'double': ['<!@(ls ../../../addon/double/*.cc)'],
  },
  'target_defaults': {
    'cflags_cc': ['-std=c++17', '-fno-exceptions', '-fno-rtti', '-Wall', '-Wextra'],
    'cflags_cc!': ['-std=gnu++17', '-std=gnu++20'],
    'defines': ['NAPI_VERSION=8', 'NAPI_DISABLE_CPP_EXCEPTIONS'],
    'include_dirs': ['../../../addon', '<!(node -p "require(\'node-addon-api\').include_dir")'],
  },
  'targets': [
    {
      'target_name': 'darwin_double',
      'type': 'shared_library',
      'sources': ['darwin_symbols.cc', '<@(double)'],
      'include_dirs': ['../../../addon/double/include'],
      'product_dir': '<(PRODUCT_DIR)',
    },
    {
      'target_name': 'loader',
      'sources': ['loader.cc', 'image.cc', 'imports.cc', 'darwin_libc.cc'],
      'dependencies': ['darwin_double'],
      'cflags_cc': ['-fvisibility=hidden'],
      'ldflags': ['-Wl,-z,now', '-Wl,-z,nodelete', "-Wl,-rpath,'$$ORIGIN'"],
    },
  ],
}
