# The libraries of llama.cpp that tools/llama_cpp.sh built, as target llama_cpp_libraries.
# They lie outside the build folder, one build for all of them. Not found: a word, and
# the door is shut.
execute_process(COMMAND ${PROJECT_SOURCE_DIR}/tools/llama_cpp.sh --where
                OUTPUT_VARIABLE where OUTPUT_STRIP_TRAILING_WHITESPACE)
set(RINGFORT_LLAMA_CPP_DIR "" CACHE PATH "Another folder with include/llama.h and lib/libllama.a than tools/llama_cpp.sh makes")
if(RINGFORT_LLAMA_CPP_DIR)
  set(where ${RINGFORT_LLAMA_CPP_DIR})
endif()

if(EXISTS ${where}/lib/libllama.a AND EXISTS ${where}/include/llama.h)
  add_library(llama_cpp_libraries INTERFACE)
  target_include_directories(llama_cpp_libraries SYSTEM INTERFACE $<BUILD_INTERFACE:${where}/include>)
  # Each needs those behind it. Installed beside our own archives, for whoever links them.
  foreach(library llama ggml ggml-cpu ggml-base)
    if(EXISTS ${where}/lib/lib${library}.a)  # other builds of it have fewer
      target_link_libraries(llama_cpp_libraries INTERFACE
        $<BUILD_INTERFACE:${where}/lib/lib${library}.a>
        $<INSTALL_INTERFACE:$<INSTALL_PREFIX>/${CMAKE_INSTALL_LIBDIR}/ringfort/lib${library}.a>)
      install(FILES ${where}/lib/lib${library}.a DESTINATION ${CMAKE_INSTALL_LIBDIR}/ringfort)
    endif()
  endforeach()
  target_link_libraries(llama_cpp_libraries INTERFACE Threads::Threads ${CMAKE_DL_LIBS})
  set_target_properties(llama_cpp_libraries PROPERTIES EXPORT_NAME llama_cpp)
  install(TARGETS llama_cpp_libraries EXPORT ringfort-targets)
  install(FILES ${where}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME LICENSE.llama.cpp OPTIONAL)
else()
  message(STATUS "llama.cpp is not in ${where}: built without it; `make setup` fetches and builds it")
  set(RINGFORT_WITH_LLAMA_CPP OFF)
endif()
