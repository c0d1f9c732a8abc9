# Apache ECharts for HTML reports: one npm package, pinned with its hash, fetched into the build folder and never
# committed. Without npm or network the program is built all the same and says so when an HTML report is asked for.
set(HUTONG_ECHARTS_VERSION 6.1.0)
set(HUTONG_ECHARTS_SHA512
    ab4c9a14f8200bd15476c587e1b95abd15859b176b22875b92828d02326e74023a080f6034fc47b55d917193447a9655964e32bc16243a46e4e87215a48c8764)

# hutong_fetch_echarts(OUT): path of echarts.min.js, or of an empty file.
function(hutong_fetch_echarts out)
  set(folder ${CMAKE_BINARY_DIR}/npm)
  set(archive ${folder}/echarts-${HUTONG_ECHARTS_VERSION}.tgz)
  set(script ${folder}/package/dist/echarts.min.js)
  file(MAKE_DIRECTORY ${folder})
  if(NOT EXISTS ${archive})
    find_program(NPM npm)
    if(NPM)
      message(STATUS "Fetching Apache ECharts ${HUTONG_ECHARTS_VERSION} (npm pack)")
      execute_process(COMMAND ${NPM} pack --silent echarts@${HUTONG_ECHARTS_VERSION} WORKING_DIRECTORY ${folder}
                      RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET TIMEOUT 120)
    endif()
  endif()
  if(EXISTS ${archive})
    file(SHA512 ${archive} hash)
    if(NOT hash STREQUAL HUTONG_ECHARTS_SHA512)
      file(REMOVE ${archive})
      message(FATAL_ERROR "echarts-${HUTONG_ECHARTS_VERSION}.tgz is not the pinned package (its SHA-512 is ${hash})")
    endif()
    if(NOT EXISTS ${script})
      file(ARCHIVE_EXTRACT INPUT ${archive} DESTINATION ${folder} PATTERNS package/dist/echarts.min.js package/LICENSE package/NOTICE)
    endif()
    set(${out} ${script} PARENT_SCOPE)
    return()
  endif()
  message(WARNING "Apache ECharts could not be fetched (npm on PATH and a network are needed): no HTML reports from this build")
  file(WRITE ${folder}/none.js "")
  set(${out} ${folder}/none.js PARENT_SCOPE)
endfunction()

# hutong_embed(TARGET NAME FILE): the bytes of FILE as hutong::NAME and hutong::NAME_size, its SHA-256 as NAME_hash.
function(hutong_embed target name file)
  set(embedded ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  add_custom_command(
    OUTPUT ${embedded}
    COMMAND ${CMAKE_COMMAND} -DIN=${file} -DOUT=${embedded} -DNAME=${name} -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${file} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${embedded})
  set_source_files_properties(${embedded} PROPERTIES COMPILE_OPTIONS "-O0")
endfunction()
