# Installs BUILD into a scratch prefix and configures a project that uses it:
# cmake -DBUILD=... -DSOURCE=... -DSCRATCH=... -P check_package.cmake
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
                COMMAND_ERROR_IS_FATAL ANY)
