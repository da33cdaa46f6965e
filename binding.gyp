{
  'variables': {
    'sources': [
      'addon/runner.cc',
      'addon/darwin/cf.cc',
      'addon/sources/coalition.cc',
      'addon/sources/hid.cc',
      'addon/sources/host.cc',
      'addon/sources/ioregistry.cc',
      'addon/sources/ioregistry_children.cc',
      'addon/sources/ioreport.cc',
      'addon/sources/ioreport_channel.cc',
      'addon/sources/ioreport_probe.cc',
      'addon/sources/ioreport_record.cc',
      'addon/sources/libproc.cc',
      'addon/sources/metal.cc',
      'addon/sources/notify.cc',
      'addon/sources/registry_record.cc',
      'addon/sources/smc.cc',
      'addon/sources/smc_client.cc',
      'addon/sources/sysctl.cc',
    ],
    'double': ['<!@(ls addon/double/*.cc)'],
  },
  'target_defaults': {
    'cflags_cc': ['-std=c++17', '-fno-exceptions', '-fno-rtti', '-fvisibility=hidden', '-Wall', '-Wextra'],
    'cflags_cc!': ['-std=gnu++17', '-std=gnu++20'],
    # The last: an environment that is being terminated refuses calls, which is no reason to abort the process.
    'defines': ['NAPI_VERSION=8', 'NAPI_DISABLE_CPP_EXCEPTIONS', 'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS'],
    'xcode_settings': {
      'CLANG_CXX_LANGUAGE_STANDARD': 'c++17',
      'MACOSX_DEPLOYMENT_TARGET': '12.0',
      'GCC_ENABLE_CPP_EXCEPTIONS': 'NO',
      'GCC_ENABLE_CPP_RTTI': 'NO',
      # cflags_cc is ignored on macOS; without these two the inline owner types of both images would be coalesced.
      'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
      'GCC_INLINES_ARE_PRIVATE_EXTERN': 'YES',
    },
  },
  'targets': [
    {
      # The very sources, answered by the double: every OS.
      'target_name': 'double',
      'sources': ['addon/binding.cc', '<@(sources)', '<@(double)'],
      'include_dirs': ['<!(node -p "require(\'node-addon-api\').include_dir")'],
      'defines': ['METALSTAT_DOUBLE'],
      'conditions': [
        ['OS!="mac"', {
          'include_dirs': ['addon/double/include'],
          # A thread that hangs in a call may run on after its JavaScript environment: the image stays.
          'ldflags': ['-Wl,-z,now', '-Wl,-z,nodelete'],
        }],
      ],
    },
    {
      # Sources, runner and double without Node: nth-call faults, sanitizers, fuzzers.
      'target_name': 'faults',
      'type': 'executable',
      'sources': ['<!@(ls addon/faults/*.cc)', '<@(sources)', '<@(double)'],
      'conditions': [
        ['OS!="mac"', {
          'include_dirs': ['addon/double/include'],
          'libraries': ['-lpthread'],
        }],
      ],
    },
  ],
  'conditions': [
    ['OS=="mac"', {
      'targets': [
        {
          # What runs on a Mac.
          'target_name': 'metalstat',
          'sources': ['addon/binding.cc', '<@(sources)'],
          'include_dirs': ['<!(node -p "require(\'node-addon-api\').include_dir")'],
          # The linker would write down where each object file was.
          'xcode_settings': {'GCC_GENERATE_DEBUGGING_SYMBOLS': 'NO'},
          'link_settings': {
            'libraries': ['-framework CoreFoundation', '-framework IOKit', '-lobjc'],
          },
        },
      ],
    }],
  ],
}
