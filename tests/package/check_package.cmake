# Installs BUILD into a scratch prefix and configures a project that uses it:
# cmake -DBUILD=... -DSOURCE=... -DSCRATCH=... -DCOMPILER=... -DNEWSROOM=... -P check_package.cmake
file(REMOVE_RECURSE ${SCRATCH})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${SCRATCH}/prefix OUTPUT_QUIET
                COMMAND_ERROR_IS_FATAL ANY)
foreach(file bin/ringfort share/man/man1/ringfort.1 share/bash-completion/completions/ringfort
             share/zsh/site-functions/_ringfort share/fish/vendor_completions.d/ringfort.fish)
  if(NOT EXISTS ${SCRATCH}/prefix/${file})
    message(FATAL_ERROR "${file} was not installed")
  endif()
endforeach()
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${SCRATCH}/build -DCMAKE_PREFIX_PATH=${SCRATCH}/prefix
                        -DCMAKE_CXX_COMPILER=${COMPILER} OUTPUT_QUIET
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${SCRATCH}/build OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
foreach(example "model/model.safetensors;clean" "downloads/sentiment.pt;malicious")
  list(GET example 0 file)
  list(GET example 1 expected)
  execute_process(COMMAND ${SCRATCH}/build/scan_file ${NEWSROOM}/${file} OUTPUT_VARIABLE said)
  if(NOT said STREQUAL "${expected}\n")
    message(FATAL_ERROR "${file} should be ${expected}, the library says ${said}")
  endif()
endforeach()
